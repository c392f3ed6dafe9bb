// The floor of functions-framework and firebase-functions: a function that does nothing.
'use strict';

const { onRequest } = require('firebase-functions/https');

exports.auth = onRequest((_, res) => {
  res.json({});
});
