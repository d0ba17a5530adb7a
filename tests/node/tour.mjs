// A tour of what people do with google-spreadsheet, as published. Prints one JSON line per step.
import { JWT } from 'google-auth-library';
import { GoogleSpreadsheet } from 'google-spreadsheet';

const account = JSON.parse(process.env.SERVICE_ACCOUNT);
const scopes = ['https://www.googleapis.com/auth/spreadsheets', 'https://www.googleapis.com/auth/drive'];
const auth = new JWT({ email: account.client_email, key: account.private_key, scopes });
const tell = (step, found) => console.log(JSON.stringify([step, found]));
const refusal = async (doing) => {
  try {
    await doing();
    return 'accepted';
  } catch (error) {
    return [error.response?.status, error.message];
  }
};

const doc = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: 'Promotion' });
await doc.updateProperties({ title: 'Promotion 2026', timeZone: 'Europe/Paris' });
const again = new GoogleSpreadsheet(doc.spreadsheetId, auth);
await again.loadInfo();
tell('book', [again.title, again.timeZone, again.sheetCount]);

const sheet = await doc.addSheet({ title: 'Notes', headerValues: ['Nom', 'Note'] });
await sheet.updateProperties({ title: 'Relevé' });
const copy = await sheet.duplicate({ title: 'Copie', index: 0 });
await copy.delete();
tell('tabs', [sheet.title, sheet.rowCount, doc.sheetsByIndex.map((one) => one.title)]);

await sheet.addRow({ Nom: 'Ada', Note: 15 });
await sheet.addRows([{ Nom: 'Grace', Note: '=B2+1' }, { Nom: 'Alan', Note: 9.5 }]);
const rows = await sheet.getRows();
tell('rows', rows.map((row) => [row.rowNumber, row.get('Nom'), row.get('Note')]));
rows[2].set('Note', 10);
await rows[2].save();
await rows[0].delete();
tell('rows left', (await sheet.getRows()).map((row) => row.toObject()));

await sheet.loadCells('A1:C3');
const cell = sheet.getCell(0, 2);
cell.value = 'Rang';
cell.note = 'Calculé';
cell.textFormat = { bold: true };
sheet.getCellByA1('C2').formula = '=B3*2';
sheet.getCellByA1('C3').numberValue = 0.25;
sheet.getCellByA1('C3').numberFormat = { type: 'PERCENT', pattern: '0%' };
await sheet.saveUpdatedCells();
await sheet.loadCells('A1:C3');
tell('cells', ['C1', 'C2', 'C3'].map((name) => {
  const one = sheet.getCellByA1(name);
  return [one.value, one.formattedValue, one.formula ?? null, one.note ?? null];
}));
tell('looks', sheet.getCellByA1('C1').textFormat);
tell('values', await sheet.getCellsInRange('A1:C3'));

await sheet.mergeCells({ startRowIndex: 4, endRowIndex: 6, startColumnIndex: 0, endColumnIndex: 2 });
await sheet.updateDimensionProperties('COLUMNS', { pixelSize: 200 }, { startIndex: 0, endIndex: 1 });
await sheet.sortRange({ startRowIndex: 1, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 3 }, [
  { dimensionIndex: 0, sortOrder: 'ASCENDING' },
]);
tell('sorted', (await sheet.getCellsInRange('A2:A3')).flat());
await sheet.findReplace('Grace', 'Grâce');
tell('replaced', (await sheet.getCellsInRange('A2:A3')).flat());
await doc.addNamedRange('noms', { sheetId: sheet.sheetId, startRowIndex: 1, endRowIndex: 3, startColumnIndex: 0, endColumnIndex: 1 });
tell('named', await sheet.getCellsInRange('noms'));
const text = async (bytes) => Buffer.from(await bytes).toString().split(/\r?\n/);
tell('downloaded', [await text(sheet.downloadAsCSV()), await text(sheet.downloadAsTSV())]);
tell('workbook', Buffer.from(await doc.downloadAsXLSX()).subarray(0, 2).toString());
await sheet.resize({ rowCount: 40, columnCount: 6 });
await sheet.clearRows();
tell('cleared', [sheet.rowCount, (await sheet.getRows()).length]);

const target = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: 'Cible' });
await sheet.copyToSpreadsheet(target.spreadsheetId);
await target.loadInfo();
tell('copied', target.sheetsByIndex.map((one) => one.title));

await doc.share('ada@example.org', { role: 'writer', emailMessage: false });
await doc.setPublicAccessLevel('reader');
const held = await doc.listPermissions();
tell('shared', held.map((one) => [one.type, one.role, one.emailAddress ?? null]).sort());
await doc.deletePermission(held.find((one) => one.emailAddress === 'ada@example.org').id);
tell('unshared', (await doc.listPermissions()).some((one) => one.emailAddress === 'ada@example.org'));

tell('refused', [
  await refusal(() => new GoogleSpreadsheet(`1${'x'.repeat(43)}`, auth).loadInfo()),
  await refusal(() => doc.addSheet({ title: 'Relevé' })),
]);
await doc.delete();
tell('deleted', await refusal(() => again.loadInfo()));
