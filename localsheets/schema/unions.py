"""The unions of the Sheets messages: fields of which a message holds one at most.

The discovery document does not tell them apart from other fields; the reference pages do, as "Union field".
"""

from functools import cache

from localsheets.errors import ApiError, invalid_field

ALL = "*"
CHARTS = "basicChart pieChart bubbleChart candlestickChart orgChart histogramChart waterfallChart treemapChart"
ANCHORS = "sheetId chartId dataSourceTableAnchorCell dataSourcePivotTableAnchorCell dataSourceFormulaCell"
UNIONS: dict[str, tuple[str, str]] = {
    "AutoFillRequest": ("area", "range sourceAndDestination"),
    "BigQueryDataSourceSpec": ("spec", "querySpec tableSpec"),
    "CancelDataSourceRefreshRequest": ("target", "references dataSourceId isAll"),
    "ChartData": ("type", "sourceRange columnReference"),
    "ChartSpec": ("chart", f"{CHARTS} scorecardChart"),
    "Chip": ("type", "personProperties richLinkProperties"),
    "ColorStyle": ("kind", "rgbColor themeColor"),
    "ConditionValue": ("value", "relativeDate userEnteredValue"),
    "ConditionalFormatRule": ("rule", "booleanRule gradientRule"),
    "DataFilter": ("filter", "developerMetadataLookup a1Range gridRange"),
    "DataSourceObjectReference": ("value", ANCHORS),
    "DataSourceParameter": ("value", "namedRangeId range"),
    "DataSourceRefreshSchedule": ("schedule_config", "dailySchedule weeklySchedule monthlySchedule"),
    "DataSourceSpec": ("spec", "bigQuery looker"),
    "DeveloperMetadataLocation": ("location", "spreadsheet sheetId dimensionRange"),
    "EmbeddedObjectPosition": ("location", "sheetId overlayPosition newSheet"),
    "ExtendedValue": ("value", "numberValue stringValue boolValue formulaValue errorValue"),
    "FilterSpec": ("reference", "columnIndex dataSourceColumnReference"),
    "FindReplaceRequest": ("scope", "range sheetId allSheets"),
    "PasteDataRequest": ("kind", "delimiter html"),
    "PivotFilterSpec": ("reference", "columnOffsetIndex dataSourceColumnReference"),
    "PivotGroup": ("reference", "sourceColumnOffset dataSourceColumnReference"),
    "PivotGroupRule": ("rule", "manualRule histogramRule dateTimeRule"),
    "PivotTable": ("source_data", "source dataSourceId"),
    "PivotValue": ("value", "sourceColumnOffset formula dataSourceColumnReference"),
    "RefreshDataSourceRequest": ("target", "references dataSourceId isAll"),
    "Request": ("kind", ALL),
    "SortSpec": ("reference", "dimensionIndex dataSourceColumnReference"),
    "TextRotation": ("type", "angle vertical"),
    "UpdateCellsRequest": ("area", "start range"),
    "UpdateConditionalFormatRuleRequest": ("instruction", "newIndex rule"),
    "UpdateDimensionPropertiesRequest": ("dimension_range", "range dataSourceSheetRange"),
}


@cache
def members(kind: str, fields: tuple[str, ...]) -> frozenset[str]:
    """Return the fields of a message that exclude one another, none where it has no union."""
    names = UNIONS[kind][1] if kind in UNIONS else ""
    return frozenset(fields if names == ALL else names.split())


def already_set(kind: str, path: str, given: str) -> ApiError:
    """Build the 400 of a second member of a union, which Google calls as it was written."""
    text = f"Invalid value at '{path}' (oneof), oneof field '{UNIONS[kind][0]}' is already set. Cannot set '{given}'"
    return invalid_field(path, text)
