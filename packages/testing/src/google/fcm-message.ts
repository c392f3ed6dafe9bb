/**
 * What FCM accepts as a message to one device, as far as the bridge uses it. Stricter than Google's
 * service where that helps to find mistakes: a field that is not listed is refused.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages
 */

export interface FcmMessage {
  readonly token: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly notification?: { readonly title?: string; readonly body?: string };
  readonly android?: {
    readonly ttl?: string;
    readonly priority?: string;
    readonly notification?: { readonly tag?: string };
  };
  readonly apns?: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly payload?: unknown;
  };
  readonly webpush?: { readonly headers?: Readonly<Record<string, string>> };
}

type Fault = string | undefined;
type Check = (value: unknown, path: string) => Fault;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text =
  (pattern = /^/): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? undefined : path;

const anything: Check = () => undefined;

const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return path;
    return Object.entries(value)
      .map(([name, field]) => (checks[name] ?? (() => `${path}.${name}`))(field, `${path}.${name}`))
      .find((fault) => fault !== undefined);
  };

/** Header names are case-insensitive; the values of some have a form of their own. */
const headers =
  (checks: Readonly<Record<string, RegExp>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return path;
    return Object.entries(value)
      .map(([name, field]) => text(checks[name.toLowerCase()])(field, `${path}[${name}]`))
      .find((fault) => fault !== undefined);
  };

/** Reserved names: https://firebase.google.com/docs/cloud-messaging/concept-options */
const RESERVED = /^(?:from|notification|message_type|google.*|gcm.*)$/;

const data: Check = (value, path) => {
  if (!isRecord(value)) return path;
  const wrong = Object.entries(value).find(
    ([name, field]) => typeof field !== 'string' || RESERVED.test(name),
  );
  return wrong && `${path}[${wrong[0]}]`;
};

const DURATION = /^\d+(?:\.\d{1,9})?s$/;

const message = fields({
  token: text(/^[^\s]+$/),
  data,
  notification: fields({ title: text(), body: text() }),
  android: fields({
    ttl: text(DURATION),
    priority: text(/^(?:NORMAL|HIGH)$/i),
    notification: fields({ tag: text() }),
  }),
  apns: fields({
    headers: headers({ 'apns-collapse-id': /^.{1,64}$/, 'apns-expiration': /^\d+$/ }),
    payload: anything,
  }),
  webpush: fields({
    headers: headers({
      // RFC 8030, sections 5.2 to 5.4.
      ttl: /^\d+$/,
      topic: /^[\w-]{1,32}$/,
      urgency: /^(?:very-low|low|normal|high)$/,
    }),
  }),
});

/** Longest `data` and `notification` together, in bytes. */
const MAX_PAYLOAD = 4_096;

function bytesOf({ data: content = {}, notification = {} }: FcmMessage): number {
  const parts = [...Object.entries(content).flat(), ...Object.values(notification)];
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** The message in a request's body, or the name of the field at fault. */
export function readMessage(body: string): FcmMessage | { readonly fault: string } {
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return { fault: 'the body' };
  }
  const fault = fields({ message })(request, 'request');
  if (fault !== undefined) return { fault };
  const content = isRecord(request) ? request['message'] : undefined;
  if (!isRecord(content) || content['token'] === undefined) return { fault: 'message.token' };
  // Its fields were checked above.
  const read = content as unknown as FcmMessage;
  return bytesOf(read) > MAX_PAYLOAD ? { fault: 'message, which is too big' } : read;
}
