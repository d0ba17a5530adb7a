"""What is asked of Google and of the stand-in alike about cells that are written, copied and moved."""

from localsheets.contract.steps import CELLS, SEARCH, TABLE, Probe, area, batch, fill, marked, read, span, state, typed

LINES = [
    Probe(
        "findReplace counts cells, formulas and rows",
        "D",
        [
            fill(["un", "un un", '="un"'], ["deux"]),
            batch({"findReplace": {"find": "un", "replacement": "x", "sheetId": "TAB", "includeFormulas": True}}),
            read(render="FORMULA"),
        ],
    ),
    Probe(
        "findReplace by regular expression with groups",
        "D",
        [
            fill(["A-12", "B-7"]),
            batch(
                {
                    "findReplace": {
                        "find": "([A-Z])-(\\d+)",
                        "replacement": "$2/$1",
                        "searchByRegex": True,
                        "range": area(0, 0, 1, 2),
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "appendCells writes after the last row that holds a value",
        "D",
        [
            fill(["a"], [""], ["c"]),
            batch(
                {
                    "appendCells": {
                        "sheetId": "TAB",
                        "rows": [{"values": [{"userEnteredValue": {"numberValue": 4}}]}],
                        "fields": "userEnteredValue",
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "moveDimension takes metadata and formulas along",
        "D",
        [
            fill(["1"], ["2"], ["3"], ["=A1+A2"]),
            batch(marked(870001, "ROWS", 0)),
            batch({"moveDimension": {"source": span("ROWS", 0, 1), "destinationIndex": 3}}),
            read(render="FORMULA"),
            SEARCH,
        ],
    ),
    Probe(
        "a sort leaves row metadata at its position",
        "I",
        [
            fill(*TABLE),
            batch(marked(870002, "ROWS", 1)),
            batch(
                {
                    "sortRange": {
                        "range": area(1, 0, 6, 2),
                        "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}],
                    }
                }
            ),
            read(),
            SEARCH,
        ],
    ),
    Probe(
        "a sort puts numbers, texts, booleans, then blanks; descending keeps blanks last",
        "D",
        [
            fill(*TABLE),
            batch({"sortRange": {"range": area(1, 0, 6, 2), "sortSpecs": [{"dimensionIndex": 1}]}}),
            read(),
            batch(
                {
                    "sortRange": {
                        "range": area(1, 0, 6, 2),
                        "sortSpecs": [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}],
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "updateCells on a range larger than its rows clears the rest",
        "D",
        [
            fill(["a", "b"], ["c", "d"]),
            batch(
                {
                    "updateCells": {
                        "range": area(0, 0, 2, 2),
                        "rows": [{"values": [{"userEnteredValue": {"stringValue": "z"}}]}],
                        "fields": "userEnteredValue",
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "the reply holds the book after the update, as far as the mask asks",
        "D",
        [
            (
                "POST",
                f":batchUpdate?fields=replies,updatedSpreadsheet({CELLS})",
                {
                    "requests": [typed(0, 0, {"userEnteredValue": {"numberValue": 5}})],
                    "includeSpreadsheetInResponse": True,
                    "responseRanges": ["'!TITLE'!A1:B2"],
                    "responseIncludeGridData": False,
                },
            ),
        ],
    ),
    Probe(
        "copyPaste of values leaves out formulas and keeps formats where they are",
        "D",
        [
            fill(["1", "=A1*2"]),
            batch(
                {
                    "copyPaste": {
                        "source": area(0, 0, 1, 2),
                        "destination": area(2, 0, 3, 2),
                        "pasteType": "PASTE_VALUES",
                    }
                }
            ),
            state(),
        ],
    ),
    Probe(
        "copyPaste under a filter: are hidden rows copied?",
        "I",
        [
            fill(["n"], ["1"], ["2"], ["3"]),
            batch(
                {"setBasicFilter": {"filter": {"range": area(0, 0, 4, 1), "criteria": {"0": {"hiddenValues": ["2"]}}}}}
            ),
            batch(
                {
                    "copyPaste": {
                        "source": area(0, 0, 4, 1),
                        "destination": area(0, 3, 4, 4),
                        "pasteType": "PASTE_VALUES",
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "copyPaste transposed and repeated",
        "D",
        [
            fill(["1", "2", "3"]),
            batch(
                {
                    "copyPaste": {
                        "source": area(0, 0, 1, 3),
                        "destination": area(2, 0, 5, 2),
                        "pasteType": "PASTE_NORMAL",
                        "pasteOrientation": "TRANSPOSE",
                    }
                }
            ),
            read(),
        ],
    ),
    Probe(
        "cutPaste takes references along",
        "D",
        [
            fill(["1", "=A1"]),
            batch(
                {
                    "cutPaste": {
                        "source": area(0, 0, 1, 1),
                        "destination": {"sheetId": "TAB", "rowIndex": 4, "columnIndex": 4},
                        "pasteType": "PASTE_NORMAL",
                    }
                }
            ),
            read(render="FORMULA"),
        ],
    ),
    Probe(
        "an insertion moves merges, protections and named ranges",
        "D",
        [
            batch(
                {"mergeCells": {"range": area(2, 0, 4, 2), "mergeType": "MERGE_ALL"}},
                {
                    "addProtectedRange": {
                        "protectedRange": {"protectedRangeId": 870003, "range": area(2, 0, 4, 2), "warningOnly": True}
                    }
                },
                {
                    "addNamedRange": {
                        "namedRange": {"namedRangeId": "870004", "name": "sonde_nom", "range": area(2, 0, 4, 2)}
                    }
                },
                {"insertDimension": {"range": span("ROWS", 3, 5)}},
            ),
            state("sheets(merges,protectedRanges(range))"),
            batch({"deleteNamedRange": {"namedRangeId": "870004"}}),
        ],
    ),
    Probe(
        "a deletion through a merge, and of a whole merge",
        "D",
        [
            batch(
                {"mergeCells": {"range": area(1, 0, 4, 2), "mergeType": "MERGE_ALL"}},
                {"deleteDimension": {"range": span("ROWS", 2, 3)}},
            ),
            state("sheets.merges"),
            batch({"deleteDimension": {"range": span("ROWS", 1, 3)}}),
            state("sheets.merges"),
        ],
    ),
    Probe(
        "a deleted reference is #REF!",
        "D",
        [
            fill(["1", "2", "=A1+B1"]),
            batch({"deleteDimension": {"range": span("COLUMNS", 0, 1)}}),
            state(),
        ],
    ),
]
