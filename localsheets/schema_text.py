"""The messages of Sheets v4 that this stand-in reads: a name, then its fields with their types.

A type in brackets is a list, `any` is kept as it is; names of other messages stand for themselves.
"""

MESSAGES = """
Spreadsheet: spreadsheetId str, properties SpreadsheetProperties, sheets [Sheet], namedRanges \
[NamedRange], spreadsheetUrl str, developerMetadata [DeveloperMetadata], dataSources [any], \
dataSourceSchedules [any]
SpreadsheetProperties: title str, locale str, autoRecalc str, timeZone str, defaultFormat CellFormat, \
iterativeCalculationSettings any, spreadsheetTheme any, importFunctionsExternalUrlAccessAllowed bool
Sheet: properties SheetProperties, data [GridData], merges [GridRange], conditionalFormats \
[ConditionalFormatRule], filterViews [any], protectedRanges [ProtectedRange], basicFilter BasicFilter, \
charts [any], bandedRanges [any], developerMetadata [DeveloperMetadata], rowGroups [DimensionGroup], \
columnGroups [DimensionGroup], slicers [any], tables [any]
SheetProperties: sheetId int, title str, index int, sheetType str, gridProperties GridProperties, hidden \
bool, tabColor Color, tabColorStyle ColorStyle, rightToLeft bool, dataSourceSheetProperties any
GridProperties: rowCount int, columnCount int, frozenRowCount int, frozenColumnCount int, hideGridlines \
bool, rowGroupControlAfter bool, columnGroupControlAfter bool
GridData: startRow int, startColumn int, rowData [RowData], rowMetadata [DimensionProperties], \
columnMetadata [DimensionProperties]
RowData: values [CellData]
CellData: userEnteredValue ExtendedValue, effectiveValue ExtendedValue, formattedValue str, \
userEnteredFormat CellFormat, effectiveFormat CellFormat, hyperlink str, note str, textFormatRuns [any], \
dataValidation DataValidationRule, pivotTable any, dataSourceTable any, dataSourceFormula any, chipRuns \
[any]
ExtendedValue: numberValue num, stringValue str, boolValue bool, formulaValue str, errorValue any
CellFormat: numberFormat NumberFormat, backgroundColor Color, backgroundColorStyle ColorStyle, borders \
Borders, padding Padding, horizontalAlignment str, verticalAlignment str, wrapStrategy str, \
textDirection str, textFormat TextFormat, hyperlinkDisplayType str, textRotation any
NumberFormat: type str, pattern str
Color: red num, green num, blue num, alpha num
ColorStyle: rgbColor Color, themeColor str
Borders: top Border, bottom Border, left Border, right Border
Border: style str, width int, color Color, colorStyle ColorStyle
Padding: top int, right int, bottom int, left int
TextFormat: foregroundColor Color, foregroundColorStyle ColorStyle, fontFamily str, fontSize int, bold \
bool, italic bool, strikethrough bool, underline bool, link any
DataValidationRule: condition any, inputMessage str, strict bool, showCustomUi bool
DimensionProperties: hiddenByFilter bool, hiddenByUser bool, pixelSize int, developerMetadata \
[DeveloperMetadata], dataSourceColumnReference any
DeveloperMetadata: metadataId int, metadataKey str, metadataValue str, location \
DeveloperMetadataLocation, visibility str
DeveloperMetadataLocation: locationType str, spreadsheet bool, sheetId int, dimensionRange \
DimensionRange
DimensionRange: sheetId int, dimension str, startIndex int, endIndex int
GridRange: sheetId int, startRowIndex int, endRowIndex int, startColumnIndex int, endColumnIndex int
GridCoordinate: sheetId int, rowIndex int, columnIndex int
NamedRange: namedRangeId str, name str, range GridRange
ProtectedRange: protectedRangeId int, range GridRange, namedRangeId str, tableId str, description str, \
warningOnly bool, requestingUserCanEdit bool, unprotectedRanges [GridRange], editors Editors
Editors: users [str], groups [str], domainUsersCanEdit bool
ConditionalFormatRule: ranges [GridRange], booleanRule any, gradientRule any
BasicFilter: range GridRange, tableId str, sortSpecs [SortSpec], criteria any, filterSpecs [any]
SortSpec: dimensionIndex int, sortOrder str, foregroundColor Color, backgroundColor Color, \
foregroundColorStyle ColorStyle, backgroundColorStyle ColorStyle, dataSourceColumnReference any
DimensionGroup: range DimensionRange, depth int, collapsed bool
DataFilter: developerMetadataLookup DeveloperMetadataLookup, a1Range str, gridRange GridRange
DeveloperMetadataLookup: locationType str, metadataLocation DeveloperMetadataLocation, \
locationMatchingStrategy str, metadataId int, metadataKey str, metadataValue str, visibility str
BatchUpdate: requests [Request], includeSpreadsheetInResponse bool, responseRanges [str], \
responseIncludeGridData bool
BatchUpdateResponse: spreadsheetId str, replies [any], updatedSpreadsheet Spreadsheet
ValueRange: range str, majorDimension str, values any
BatchValues: valueInputOption str, data [ValueRange], includeValuesInResponse bool, \
responseValueRenderOption str, responseDateTimeRenderOption str
BatchClear: ranges [str]
Nothing:
BatchGetValues: spreadsheetId str, valueRanges [ValueRange]
UpdateValues: spreadsheetId str, updatedRange str, updatedRows int, updatedColumns int, updatedCells \
int, updatedData ValueRange
AppendValues: spreadsheetId str, tableRange str, updates UpdateValues
BatchUpdateValues: spreadsheetId str, totalUpdatedRows int, totalUpdatedColumns int, totalUpdatedCells \
int, totalUpdatedSheets int, responses [UpdateValues]
ClearValues: spreadsheetId str, clearedRange str
BatchClearValues: spreadsheetId str, clearedRanges [str]
updateCells: rows [RowData], fields str, start GridCoordinate, range GridRange
appendCells: sheetId int, rows [RowData], fields str, tableId str
repeatCell: range GridRange, cell CellData, fields str
setDataValidation: range GridRange, rule DataValidationRule, filteredRowsIncluded bool
updateBorders: range GridRange, top Border, bottom Border, left Border, right Border, innerHorizontal \
Border, innerVertical Border
copyPaste: source GridRange, destination GridRange, pasteType str, pasteOrientation str
cutPaste: source GridRange, destination GridCoordinate, pasteType str
sortRange: range GridRange, sortSpecs [SortSpec]
findReplace: find str, replacement str, matchCase bool, matchEntireCell bool, searchByRegex bool, \
includeFormulas bool, range GridRange, sheetId int, allSheets bool
insertDimension: range DimensionRange, inheritFromBefore bool
deleteDimension: range DimensionRange
appendDimension: sheetId int, dimension str, length int, tableId str
moveDimension: source DimensionRange, destinationIndex int
updateDimensionProperties: range DimensionRange, properties DimensionProperties, fields str, \
dataSourceSheetRange any
autoResizeDimensions: dimensions DimensionRange, dataSourceSheetDimensions any
addSheet: properties SheetProperties
deleteSheet: sheetId int
duplicateSheet: sourceSheetId int, insertSheetIndex int, newSheetId int, newSheetName str
updateSheetProperties: properties SheetProperties, fields str
updateSpreadsheetProperties: properties SpreadsheetProperties, fields str
addProtectedRange: protectedRange ProtectedRange
updateProtectedRange: protectedRange ProtectedRange, fields str
deleteProtectedRange: protectedRangeId int
setBasicFilter: filter BasicFilter
clearBasicFilter: sheetId int
mergeCells: range GridRange, mergeType str
unmergeCells: range GridRange
addConditionalFormatRule: rule ConditionalFormatRule, index int
addNamedRange: namedRange NamedRange
deleteNamedRange: namedRangeId str
addDimensionGroup: range DimensionRange
deleteDimensionGroup: range DimensionRange
createDeveloperMetadata: developerMetadata DeveloperMetadata
updateDeveloperMetadata: dataFilters [DataFilter], developerMetadata DeveloperMetadata, fields str
deleteDeveloperMetadata: dataFilter DataFilter
"""

# Kinds of requests that Google has and that nothing here carries out.
KNOWN_ELSEWHERE = """
addBanding addChart addDataSource addFilterView addSlicer addTable autoFill cancelDataSourceRefresh
deleteBanding deleteConditionalFormatRule deleteDataSource deleteDuplicates deleteEmbeddedObject
deleteFilterView deleteRange deleteTable duplicateFilterView insertRange pasteData randomizeRange
refreshDataSource textToColumns trimWhitespace updateBanding updateChartSpec updateConditionalFormatRule
updateDataSource updateDimensionGroup updateEmbeddedObjectBorder updateEmbeddedObjectPosition
updateFilterView updateNamedRange updateSlicerSpec updateTable
"""
