"""A teacher's own exports, and filling them."""

import csv
import io

from checker.lms.gradebook import fill_gradebook
from checker.lms.options import GradebookOptions

MOODLE = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments\n"
    '"Participant 101","Ada Example",s1,ada@example.org,"Submitted for grading",,10.00,Yes,'
    '"Monday, 2 March 2026, 10:00 AM",-,\n'
    '"Participant 102","Ben Beispiel",s2,ben@example.org,"Submitted for grading",,10.00,Yes,'
    '"Monday, 2 March 2026, 10:05 AM",-,"=1+1"\n'
    '"Participant 103","Cy Ejemplo",s3,cy@example.org,"No submission",,10.00,Yes,-,-,\n'
    '"Participant 104","Dee Exemple",s4,dee@example.org,"No submission",,10.00,Yes,-,-,\n'
)
CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,Essay (11),Homework one (12),"
    "Assignments Current Score,Final Score\r\n"
    ",,,,,,Manual Posting,Manual Posting,,\r\n"
    "    Points Possible,,,,,,20.0,10.0,(read only),(read only)\r\n"
    '"Example, Ada",4321,s1,ada@example.org,Section 1,"=cmd|x",18.5,,90.0,90.0\r\n'
    '"Beispiel, Ben",4322,s2,ben@example.org,"Section 1, Section 2",,,3.0,,\r\n'
    '"Ejemplo, Cy",4323,s3,cy@example.org,Section 1,,,EX,,\r\n'
    '"Exemple, Dee",4324,s4,dee@example.org,Section 1,,,N/A,,\r\n'
    '"Student, Test",4399,,teststudent,Section 1,,,,,\r\n'
)


def fill(run, text, encoding="utf-8", people=None, **options):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return fill_gradebook(run, data, "book.csv", GradebookOptions(**options), people)


def cells(data, delimiter=","):
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def grades(filled, column, delimiter=","):
    return [row[column] for row in cells(filled.data, delimiter)[1:]]
