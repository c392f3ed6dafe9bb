const { onRequest } = require('firebase-functions/https');

const REGION = { region: 'asia-southeast1', cors: true };

const hello = onRequest(REGION, (request, response) => {
  response.set('X-Shop', 'hello').send(`Xin chào ${request.query.name ?? 'bạn'}`);
});

const prices = onRequest(REGION, (request, response) => {
  response.json({ path: request.path, body: request.body, currency: 'VND' });
});

module.exports = { hello, prices };
