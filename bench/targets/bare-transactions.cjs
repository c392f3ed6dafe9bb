// The transactions of a notification, bare: the same documents are read and written, in the same order,
// with the same preconditions and the same client. Checks nothing, and asks neither Tiki nor Firebase
// Auth. Started by payments.ts.
'use strict';

const { randomUUID } = require('node:crypto');
const http = require('node:http');
const { createRequire } = require('node:module');

const requireInFunctions = createRequire(require.resolve('../../functions/package.json'));
const { initializeApp } = requireInFunctions('firebase-admin/app');
const { getFirestore } = requireInFunctions('firebase-admin/firestore');

const firestore = getFirestore(initializeApp({ projectId: process.env.GCLOUD_PROJECT }));
const DAY_MS = 86_400_000;

async function read(request) {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return JSON.parse(body);
}

/** Records the payment; resolves to whose it is. */
async function record({ message_id: messageId, order: { id: orderId, reference_id: reference } }) {
  const orderDocument = firestore.doc(`orders/${reference}`);
  const { uid } = (await orderDocument.get()).data();
  const messageDocument = orderDocument.collection('orderMessages').doc(messageId);
  const [order, entitlement, message] = await firestore.getAll(
    orderDocument,
    firestore.doc(`entitlements/${uid}`),
    messageDocument,
  );
  const now = order.readTime.toMillis();
  const { planId, name, priceVnd, days, ...rest } = order.data();
  const paid = { state: 'paid', platformStatus: 'online_paid', watermark: now, paidAt: now };
  const content = { ...rest, planId, name, priceVnd, days, ...paid, updatedAt: now, dueAt: now };
  const purchase = { at: now, days, status: 'active' };
  const batch = firestore.batch();
  batch.update(order.ref, content, { lastUpdateTime: order.updateTime });
  batch.create(entitlement.ref, {
    premiumUntil: now + days * DAY_MS,
    purchases: { [`order-${reference}`]: purchase },
    ...{ updatedAt: now, version: 1, projectedVersion: 0, lease: null },
  });
  batch.create(message.ref, {
    ...{ createdAt: now, status: 'online_paid', receivedAt: now },
    expiresAt: new Date(now + 90 * DAY_MS),
  });
  batch.set(firestore.doc(`users/${uid}/receipts/${reference}`), {
    ...{ reference, orderId, planId, name, priceVnd, days },
    ...{ paidAt: now, state: 'paid', refundedAt: null },
  });
  batch.create(firestore.collection('bridgeAudit').doc(), {
    ...{ at: now, by: 'tiki', uid, reference, auditExpiresAt: new Date(now + 400 * DAY_MS) },
    order: {
      before: { state: 'waiting', priceVnd, refundedAt: null },
      after: { state: 'paid', priceVnd, refundedAt: null },
    },
    premium: {
      before: null,
      after: {
        ...{ premiumUntil: now + days * DAY_MS, version: 1 },
        purchases: { [`order-${reference}`]: 'active' },
      },
    },
  });
  await batch.commit();
  return uid;
}

async function change(uid, changes) {
  const seen = await firestore.doc(`entitlements/${uid}`).get();
  const content = { ...seen.data(), ...changes };
  await firestore.batch().update(seen.ref, content, { lastUpdateTime: seen.updateTime }).commit();
}

/** What goes on around the writing of an account's claims. */
async function project(uid) {
  await change(uid, { lease: { holder: randomUUID(), until: Date.now() + 60_000 } });
  await change(uid, { projectedVersion: 1, lease: null });
}

const server = http.createServer((request, response) => {
  read(request)
    .then(record)
    .then((uid) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      return project(uid);
    })
    .catch((error) => {
      console.error(error);
      response.destroy();
    });
});

/** Stores orders; resolves to how many there are. */
async function place(orders) {
  for (let from = 0; from < orders.length; from += 250) {
    const batch = firestore.batch();
    for (const { path, content } of orders.slice(from, from + 250)) {
      batch.create(firestore.doc(path), content);
    }
    await batch.commit();
  }
  return orders.length;
}

/** How many customers' accounts have what was paid. */
async function countDelivered() {
  const query = firestore.collection('entitlements').where('projectedVersion', '==', 1);
  return (await query.count().get()).data().count;
}

process.on('message', ({ orders }) => {
  (orders ? place(orders) : countDelivered()).then(
    (count) => process.send(count),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());
