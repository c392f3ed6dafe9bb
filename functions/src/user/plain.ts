import { DocumentReference, GeoPoint, Timestamp } from 'firebase-admin/firestore';

/** A value of Firestore or of the Realtime Database in JSON's types: times as ISO 8601, bytes as base64. */
export function plain(value: unknown): unknown {
  // JSON has no NaN and no Infinity.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Timestamp) return value.toDate().toISOString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof DocumentReference) return value.path;
  if (value instanceof GeoPoint) return { latitude: value.latitude, longitude: value.longitude };
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
