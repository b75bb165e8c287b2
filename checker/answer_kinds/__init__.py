"""The kinds of answers: what each asks for, how it is read, judged, revealed and described."""
