"""What a student needs: a form to fill in, a check of its form, and a check of values in memory.

The handout is an assignment without its key. The template and the JSON Schema are made from it, so
they can't hold what it doesn't.
"""
