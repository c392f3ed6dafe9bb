import type { FieldFault, ProblemCode, RequestFault } from '../problem';
import type { Language } from './language';

type Texts = Readonly<Record<Language, string>>;

const OPERATORS_FAULT: Texts = {
  en: 'The service is misconfigured. Its operator finds the reason in the log.',
  vi: 'Dịch vụ chưa được cấu hình đúng. Người vận hành xem nguyên nhân trong nhật ký.',
};

const DETAILS: Readonly<Record<Exclude<ProblemCode, 'invalid-request'>, Texts>> = {
  'invalid-code': {
    en: 'Tiki refused the auth code: it is wrong, expired or already used. Ask my.getAuthCode for a new one.',
    vi: 'Tiki từ chối mã xác thực: mã sai, đã hết hạn hoặc đã được dùng. Hãy gọi my.getAuthCode để lấy mã mới.',
  },
  'invalid-token': {
    en: 'Tiki refused the token: it is wrong or expired. Sign in again with my.getAuthCode.',
    vi: 'Tiki từ chối mã thông báo: mã sai hoặc đã hết hạn. Hãy đăng nhập lại bằng my.getAuthCode.',
  },
  'not-found': { en: 'There is nothing at this address.', vi: 'Không có gì ở địa chỉ này.' },
  'method-not-allowed': {
    en: 'This method is not allowed here; see the Allow header.',
    vi: 'Địa chỉ này không nhận phương thức đó; xem các phương thức được nhận ở header Allow.',
  },
  'payload-too-large': {
    en: 'The body is too large for this address.',
    vi: 'Nội dung gửi lên lớn hơn mức địa chỉ này cho phép.',
  },
  'unsupported-media-type': {
    en: 'Send JSON with Content-Type: application/json.',
    vi: 'Hãy gửi JSON với Content-Type: application/json.',
  },
  'rate-limited': {
    en: 'Too many logins from this address. Wait as long as Retry-After says, then try again.',
    vi: 'Có quá nhiều lượt đăng nhập từ địa chỉ này. Hãy chờ theo Retry-After rồi thử lại.',
  },
  unauthenticated: {
    en: 'Send a Firebase ID token as Authorization: Bearer, or sign in again.',
    vi: 'Hãy gửi mã thông báo ID của Firebase trong Authorization: Bearer, hoặc đăng nhập lại.',
  },
  misconfigured: OPERATORS_FAULT,
  'tiki-rejected-signature': OPERATORS_FAULT,
  'signing-denied': OPERATORS_FAULT,
  'tiki-bad-response': {
    en: 'Tiki answered in a way this service does not understand. Try again with a new auth code.',
    vi: 'Dịch vụ không hiểu được câu trả lời của Tiki. Hãy thử lại với mã xác thực mới.',
  },
  'tiki-unavailable': {
    en: 'Tiki cannot be reached right now. Try again in a moment with a new auth code.',
    vi: 'Hiện không kết nối được với Tiki. Hãy thử lại sau giây lát với mã xác thực mới.',
  },
  'signing-unavailable': {
    en: 'The session could not be signed right now. Try again in a moment with a new auth code.',
    vi: 'Hiện chưa ký được phiên đăng nhập. Hãy thử lại sau giây lát với mã xác thực mới.',
  },
  overloaded: {
    en: 'The service is overloaded. Try again in a moment with the same auth code.',
    vi: 'Dịch vụ đang quá tải. Hãy thử lại sau giây lát với chính mã xác thực này.',
  },
  'tiki-timeout': {
    en: 'Tiki did not answer in time. Try again with a new auth code.',
    vi: 'Tiki không trả lời kịp thời. Hãy thử lại với mã xác thực mới.',
  },
  'upstream-bad-response': {
    en: 'Google answered in a way that cannot be passed on. Try again.',
    vi: 'Google trả lời theo cách không chuyển tiếp được. Hãy thử lại.',
  },
  'upstream-unavailable': {
    en: 'Google cannot be reached right now. Try again in a moment.',
    vi: 'Hiện không kết nối được với Google. Hãy thử lại sau giây lát.',
  },
  'upstream-timeout': {
    en: 'Google did not answer in time. Try again.',
    vi: 'Google không trả lời kịp thời. Hãy thử lại.',
  },
  internal: {
    en: 'Something went wrong on our side. Try again; if it keeps failing, give the operator the request id.',
    vi: 'Đã có lỗi phía dịch vụ. Hãy thử lại; nếu vẫn lỗi, hãy gửi id yêu cầu cho người vận hành.',
  },
};

const FIELD_FAULTS: Readonly<Record<FieldFault, Texts>> = {
  missing: { en: 'is missing', vi: 'bị thiếu' },
  'not-a-string': { en: 'is not a string', vi: 'không phải là chuỗi' },
  empty: { en: 'is empty', vi: 'đang để trống' },
  'too-long': { en: 'is longer than 4096 characters', vi: 'dài hơn 4096 ký tự' },
  'bad-characters': {
    en: 'has characters outside visible ASCII',
    vi: 'có ký tự nằm ngoài bảng ASCII hiển thị được',
  },
};

const BODY_FAULTS: Readonly<Record<'not-an-object' | 'not-json' | 'incomplete', Texts>> = {
  'not-an-object': {
    en: 'The body must be a JSON object.',
    vi: 'Nội dung gửi lên phải là một đối tượng JSON.',
  },
  'not-json': { en: 'The body is not JSON.', vi: 'Nội dung gửi lên không phải là JSON.' },
  incomplete: {
    en: 'The body did not arrive completely in time.',
    vi: 'Nội dung gửi lên không đến đủ trong thời gian cho phép.',
  },
};

const TARGET_FAULTS: Readonly<Record<'path' | 'query', Texts>> = {
  path: {
    en: 'A document id in the address has characters that are not passed on, or the address is too long.',
    vi: 'Id tài liệu trong địa chỉ có ký tự không được chuyển tiếp, hoặc địa chỉ quá dài.',
  },
  query: {
    en: 'The address has a query parameter that is not known here, is repeated or is malformed.',
    vi: 'Địa chỉ có tham số không được nhận ở đây, bị lặp lại hoặc sai định dạng.',
  },
};

function requestDetail(request: RequestFault | undefined, language: Language): string {
  if (request && 'field' in request) {
    const fault = FIELD_FAULTS[request.fault][language];
    return language === 'vi'
      ? `Trường "${request.field}" ${fault}.`
      : `The field "${request.field}" ${fault}.`;
  }
  if (request && 'target' in request) return TARGET_FAULTS[request.target][language];
  return BODY_FAULTS[request?.body ?? 'not-an-object'][language];
}

/** What went wrong and what to do, for the caller, in their language. */
export function detailOf(
  code: ProblemCode,
  request: RequestFault | undefined,
  language: Language,
): string {
  return code === 'invalid-request' ? requestDetail(request, language) : DETAILS[code][language];
}
