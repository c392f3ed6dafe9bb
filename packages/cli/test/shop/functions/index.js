const { onRequest } = require('firebase-functions/https');

const REGION = { region: 'asia-southeast1', cors: true };

exports.hello = onRequest(REGION, (request, response) => {
  response.set('X-Shop', 'hello').send(`Xin chào ${request.query.name ?? 'bạn'}`);
});

exports.prices = onRequest(REGION, (request, response) => {
  response.json({ path: request.path, body: request.body, currency: 'VND' });
});
