// Loaded before a program: what it sends to Google goes to the stand-in instead; nothing else changes.
//   LOCALSHEETS_URL=http://127.0.0.1:8050 node --import ./redirect.mjs program.mjs
import http from 'node:http';
import https from 'node:https';

const STAND_IN = new URL(process.env.LOCALSHEETS_URL);
const GOOGLE = new Set(['sheets.googleapis.com', 'www.googleapis.com', 'oauth2.googleapis.com', 'docs.google.com']);

function redirected(address) {
  const url = new URL(address);
  if (!GOOGLE.has(url.hostname)) return null;
  url.protocol = STAND_IN.protocol;
  url.host = STAND_IN.host;
  return url;
}

const plainFetch = globalThis.fetch;
globalThis.fetch = (input, options) => {
  const url = redirected(input instanceof Request ? input.url : input);
  if (url === null) return plainFetch(input, options);
  return plainFetch(input instanceof Request ? new Request(url, input) : url, options);
};

const plainRequest = https.request;
https.request = (address, options, answered) => {
  const url = address instanceof URL || typeof address === 'string' ? redirected(address) : null;
  return url === null ? plainRequest(address, options, answered) : http.request(url, options, answered);
};
