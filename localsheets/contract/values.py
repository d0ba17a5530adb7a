"""What is asked of Google and of the stand-in alike about values, formulas, metadata and refusals."""

from localsheets.contract.steps import SEARCH, Probe, area, batch, fill, marked, read, span, state

VALUES = [
    Probe(
        "errors of formulas, with their messages",
        "I",
        [
            fill(["=1/0"], ["=NOPE(1)"], ['=1+"a"'], ["=VLOOKUP(9,A1:A2,1,FALSE)"], ["=A6"], ["=SQRT(-1)"], ["=A7"]),
            state(),
        ],
    ),
    Probe(
        "a formula takes the format of what it refers to",
        "I",
        [
            fill(["14 February 2025", "=A1+1", "=TODAY()-TODAY()", "50%", "=D1*2", "$3.50", "=F1+1"]),
            state("sheets.data.rowData.values(formattedValue,effectiveFormat.numberFormat)"),
        ],
    ),
    Probe(
        "functions that staff write",
        "D",
        [
            fill(
                ["1", "a"],
                ["2", "b"],
                ["3", ""],
                [
                    "=VLOOKUP(2,A1:B3,2,FALSE)",
                    '=COUNTIF(A1:A3,">1")',
                    '=IFERROR(1/0,"x")',
                    '=TEXT(0.256,"0.0%")',
                    '=CONCATENATE(A1,"-",B1)',
                    "=ROUND(2.345,2)",
                    "=COUNTA(B1:B3)",
                    "=AVERAGE(A1:A3)",
                    "=AND(A1=1,OR(A2=3,TRUE))",
                ],
            ),
            state(),
        ],
    ),
    Probe(
        "what people type in an American book",
        "I",
        [
            fill(
                ["3/4", "2/14/2025", "14/02/2025", "2025-02-14", "9:30", "9:30 PM", "TRUE", "0612", "1,234.5", "12,5"],
                ["50%", "$12", "1e3", "(12)", "'12", "Feb 14, 2025", " 7 ", "+33612345678", "1 234", "12:"],
            ),
            state("sheets.data.rowData.values(userEnteredValue,formattedValue,userEnteredFormat.numberFormat)"),
        ],
    ),
    Probe(
        "number formats of the API",
        "D",
        [
            batch(
                *[
                    {
                        "repeatCell": {
                            "range": area(0, at, 1, at + 1),
                            "fields": "userEnteredValue,userEnteredFormat.numberFormat",
                            "cell": {
                                "userEnteredValue": {"numberValue": 45702.3965},
                                "userEnteredFormat": {"numberFormat": {"type": kind, "pattern": pattern}},
                            },
                        }
                    }
                    for at, (kind, pattern) in enumerate(
                        [
                            ("DATE", "dd/mm/yyyy"),
                            ("DATE", "d mmm yy"),
                            ("DATE", "dddd d mmmm"),
                            ("TIME", "[h]:mm"),
                            ("DATE_TIME", "yyyy-mm-dd hh:mm:ss"),
                            ("NUMBER", "#,##0.00"),
                            ("NUMBER", '0.0;(0.0);"-"'),
                            ("PERCENT", "0.0%"),
                            ("SCIENTIFIC", "0.00E+00"),
                            ("TEXT", "@"),
                        ]
                    )
                ]
            ),
            state("sheets.data.rowData.values(effectiveValue,formattedValue)"),
        ],
    ),
    Probe(
        "values.append finds the table",
        "I",
        [
            fill(["a", "b"], ["1", "2"]),
            fill(["x"], at="E5"),
            ("POST", "/values/'!TITLE'!A1:append?valueInputOption=RAW", {"values": [["3", "4"]]}),
            (
                "POST",
                "/values/'!TITLE'!E1:F9:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS",
                {"values": [["y"]]},
            ),
            read(),
        ],
    ),
    Probe(
        "metadata: created, searched, updated, deleted",
        "D",
        [
            batch(marked(870005, "COLUMNS", 2)),
            SEARCH,
            ("GET", "/developerMetadata/870005", None),
            batch(
                {
                    "updateDeveloperMetadata": {
                        "dataFilters": [{"developerMetadataLookup": {"metadataId": 870005}}],
                        "developerMetadata": {"metadataValue": "v"},
                        "fields": "metadataValue",
                    }
                }
            ),
            batch({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": 870005}}}}),
            ("GET", "/developerMetadata/870005", None),
        ],
    ),
    Probe(
        "values by data filters",
        "D",
        [
            fill(["a", "b"], ["c", "d"]),
            batch(marked(870006, "COLUMNS", 1)),
            (
                "POST",
                "/values:batchGetByDataFilter",
                {"dataFilters": [{"developerMetadataLookup": {"metadataId": 870006}}, {"gridRange": area(0, 0, 2, 1)}]},
            ),
        ],
    ),
    Probe(
        "banding and conditional formats answer what they made",
        "D",
        [
            batch(
                {
                    "addBanding": {
                        "bandedRange": {
                            "bandedRangeId": 870007,
                            "range": area(0, 0, 4, 2),
                            "rowProperties": {"firstBandColor": {"red": 1}, "secondBandColor": {"green": 1}},
                        }
                    }
                },
                {
                    "addConditionalFormatRule": {
                        "index": 0,
                        "rule": {
                            "ranges": [area(0, 0, 4, 1)],
                            "booleanRule": {"condition": {"type": "BLANK"}, "format": {"textFormat": {"bold": True}}},
                        },
                    }
                },
                {"deleteConditionalFormatRule": {"sheetId": "TAB", "index": 0}},
            ),
            state("sheets(bandedRanges,conditionalFormats)"),
        ],
    ),
    Probe(
        "nested groups",
        "D",
        [
            batch(
                {"addDimensionGroup": {"range": span("ROWS", 1, 8)}},
                {"addDimensionGroup": {"range": span("ROWS", 2, 4)}},
            ),
            state("sheets.rowGroups"),
            batch({"deleteDimensionGroup": {"range": span("ROWS", 3, 6)}}),
            state("sheets.rowGroups"),
        ],
    ),
    Probe(
        "a strict validation does not stop the API",
        "I",
        [
            batch(
                {
                    "setDataValidation": {
                        "range": area(0, 0, 1, 1),
                        "rule": {
                            "strict": True,
                            "condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "oui"}]},
                        },
                    }
                }
            ),
            fill(["peut-être"]),
            read(),
        ],
    ),
    Probe(
        "refusals: unknown kind, bad mask, outside the grid, overlapping merges",
        "I",
        [
            batch({"noSuchKind": {}}),
            batch({"updateCells": {"range": area(0, 0, 1, 1), "rows": [], "fields": "noSuchField"}}),
            fill(["x"], at="A900"),
            batch({"mergeCells": {"range": area(0, 0, 2, 2)}}, {"mergeCells": {"range": area(1, 1, 3, 3)}}),
            ("GET", "/values/'!TITLE'!A0", None),
            ("GET", "?fields=nothing", None),
        ],
    ),
]
