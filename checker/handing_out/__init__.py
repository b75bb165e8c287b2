"""What students are handed: problem sheets, and a form in the browser to answer in."""
