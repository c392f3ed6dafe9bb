import { tikiSignature } from '../signature';
import type { Order } from '../orders/order';
import { orderJson } from '../orders/order-json';
import { rawObject } from '../raw-json';
import type { MessageFault } from './message-fault';

export interface Message {
  readonly id: string;
  readonly order: Order;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Epoch milliseconds. */
  readonly signedAt: number;
}

/** A message as it goes over the wire. */
export interface WireMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Signer {
  readonly clientKey: string;
  readonly clientSecret: string;
}

/** Writes a message, changed as the fault says. Faults of the delivery change nothing here. */
export function writeMessage(
  { id, order, createdAt, signedAt }: Message,
  signer: Signer,
  fault?: MessageFault,
): WireMessage {
  const members = fault?.kind === 'order' ? { members: fault.members } : {};
  const json = rawObject({
    order: orderJson(order, members),
    message_id: JSON.stringify(id),
    message_type: '"notification"',
    message_created_at: JSON.stringify(createdAt),
  });
  const body = Buffer.from(json);
  const signature = headersFor(body, signerFor(fault, signer), signedAt - ageOf(fault));
  return {
    headers: {
      'Content-Type': 'application/json',
      ...(fault?.kind !== 'unsigned' && signature),
    },
    body: changedAfterSigning(body, fault),
  };
}

function headersFor(content: Buffer, { clientKey, clientSecret }: Signer, signedAt: number) {
  const timestamp = String(signedAt);
  return {
    'X-Tiniapp-Timestamp': timestamp,
    'X-Tiniapp-Client-Id': clientKey,
    'X-Tiniapp-Signature': tikiSignature(clientSecret, { timestamp, clientKey, content }),
  };
}

function signerFor(fault: MessageFault | undefined, signer: Signer): Signer {
  if (fault?.kind !== 'forged') return signer;
  return { ...signer, clientSecret: `not ${signer.clientSecret}` };
}

function ageOf(fault: MessageFault | undefined): number {
  return fault?.kind === 'old-timestamp' ? fault.ms : 0;
}

function changedAfterSigning(body: Buffer, fault: MessageFault | undefined): Buffer {
  switch (fault?.kind) {
    case 'flipped-bit': {
      const flipped = Buffer.from(body);
      // In a digit of the order's id, so that the JSON stays valid.
      const at = body.indexOf('"id":"') + 6;
      flipped.writeUInt8(body.readUInt8(at) ^ 1, at);
      return flipped;
    }
    case 'reserialised':
      return Buffer.from(body.toString('utf8').replaceAll('":', '": '));
    default:
      return body;
  }
}
