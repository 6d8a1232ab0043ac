"""年次報告書 (D-28): one module a chapter; page, paper and workbook all show the same plain data.

A chapter is a function from the gathered year (`ground.AnnualGround`) to a `shape.Chapter`. `report.py` puts them
together, `publishing.py` issues the paper, `book.py` writes the workbook.
"""
