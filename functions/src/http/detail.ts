import type { BodyFault, FieldFault, ProblemCode, RequestFault, TargetFault } from '../problem';
import type { Language } from './language';

type Texts = Readonly<Record<Language, string>>;

const OPERATORS_FAULT: Texts = {
  en: 'The service is misconfigured. Its operator finds the reason in the log.',
  vi: 'Dịch vụ chưa được cấu hình đúng. Người vận hành xem nguyên nhân trong nhật ký.',
};

const DETAILS: Readonly<Record<ProblemCode, Texts>> = {
  'invalid-request': {
    en: 'The request is not of the documented form.',
    vi: 'Yêu cầu không đúng dạng đã mô tả trong tài liệu.',
  },
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
    en: 'The body is too large. Send less at once.',
    vi: 'Nội dung gửi lên quá lớn. Hãy gửi ít hơn mỗi lần.',
  },
  'unsupported-media-type': {
    en: 'Send JSON with Content-Type: application/json, not compressed.',
    vi: 'Hãy gửi JSON với Content-Type: application/json, không nén.',
  },
  'rate-limited': {
    en: 'Too many requests. Wait as long as Retry-After says, then try again.',
    vi: 'Có quá nhiều lượt đăng nhập từ địa chỉ này. Hãy chờ theo Retry-After rồi thử lại.',
  },
  unauthenticated: {
    en: 'Send a Firebase ID token as Authorization: Bearer, or sign in again.',
    vi: 'Hãy gửi mã thông báo ID của Firebase trong Authorization: Bearer, hoặc đăng nhập lại.',
  },
  forbidden: {
    en: 'Send this request with fetch from a page of this site, and the X-CSRF-Token that GET /session/csrf_token gives.',
    vi: 'Hãy gửi yêu cầu này bằng fetch từ một trang của chính trang web này, kèm mã CSRF lấy từ GET /session/csrf_token.',
  },
  conflict: {
    en: 'This Idempotency-Key is that of an order for another plan, or there are too many purchases. Use a new key for a new purchase.',
    vi: 'Idempotency-Key này thuộc đơn hàng của một gói khác, hoặc đã có quá nhiều lượt mua. Hãy dùng khoá mới cho lượt mua mới.',
  },
  'invalid-hand-over': {
    en: 'The hand-over code is wrong, expired or already used. Open the page from the Tini App again.',
    vi: 'Mã chuyển phiên sai, đã hết hạn hoặc đã được dùng. Hãy mở lại trang từ Tini App.',
  },
  'not-configured': {
    en: 'This service is not set up in this project. Its operator finds the steps in the log.',
    vi: 'Dự án này chưa thiết lập dịch vụ đó. Người vận hành xem các bước trong nhật ký.',
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
    en: 'The service is overloaded and has done nothing. Send the same request again in a moment.',
    vi: 'Dịch vụ đang quá tải và chưa xử lý gì. Hãy gửi lại chính yêu cầu này sau giây lát.',
  },
  'tiki-timeout': {
    en: 'Tiki did not answer in time. Try again with a new auth code.',
    vi: 'Tiki không trả lời kịp thời. Hãy thử lại với mã xác thực mới.',
  },
  'upstream-bad-response': {
    en: 'The service behind this address answered in a way that cannot be passed on. Try again; if it keeps failing, give the operator the request id.',
    vi: 'Dịch vụ phía sau địa chỉ này trả lời theo cách không chuyển tiếp được. Hãy thử lại; nếu vẫn lỗi, hãy gửi id yêu cầu cho người vận hành.',
  },
  'upstream-unavailable': {
    en: 'The service behind this address cannot be reached right now. Try again in a moment; after a write, check first whether it was done.',
    vi: 'Hiện không kết nối được với dịch vụ phía sau địa chỉ này. Hãy thử lại sau giây lát; nếu là lệnh ghi, hãy kiểm tra trước xem đã ghi chưa.',
  },
  'upstream-timeout': {
    en: 'The service behind this address did not answer in time. Try again; after a write, check first whether it was done.',
    vi: 'Dịch vụ phía sau địa chỉ này không trả lời kịp thời. Hãy thử lại; nếu là lệnh ghi, hãy kiểm tra trước xem đã ghi chưa.',
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
  malformed: { en: 'is not of the documented form', vi: 'không đúng dạng đã mô tả' },
};

const BODY_FAULTS: Readonly<Record<BodyFault, Texts>> = {
  'not-an-object': {
    en: 'The body must be a JSON object.',
    vi: 'Nội dung gửi lên phải là một đối tượng JSON.',
  },
  'not-json': { en: 'The body is not JSON.', vi: 'Nội dung gửi lên không phải là JSON.' },
  'not-a-token-form': {
    en: 'The form may only have grant_type and refresh_token, each once.',
    vi: 'Biểu mẫu chỉ được có grant_type và refresh_token, mỗi trường một lần.',
  },
  'not-one-file': {
    en: 'The body must be multipart/form-data with exactly one file, as my.uploadFile sends it.',
    vi: 'Nội dung gửi lên phải là multipart/form-data với đúng một tệp, như my.uploadFile gửi.',
  },
  'not-uploadable': {
    en: 'The file must be a picture (not SVG), sound, video or PDF. Its type is that of its part, or ?contentType= in the address.',
    vi: 'Tệp phải là ảnh (trừ SVG), âm thanh, video hoặc PDF. Kiểu tệp lấy theo phần của biểu mẫu, hoặc theo ?contentType= trong địa chỉ.',
  },
  incomplete: {
    en: 'The body did not arrive completely in time.',
    vi: 'Nội dung gửi lên không đến đủ trong thời gian cho phép.',
  },
};

const TARGET_FAULTS: Readonly<Record<TargetFault, Texts>> = {
  path: {
    en: 'An id in the address is not possible in Firestore: it is . or .., has a slash or is not UTF-8. Use another id, and encode each with encodeURIComponent.',
    vi: 'Firestore không nhận một id trong địa chỉ: id là . hoặc .., có dấu gạch chéo hoặc không phải UTF-8. Hãy dùng id khác và mã hoá từng id bằng encodeURIComponent.',
  },
  'file-name': {
    en: 'The path of the file is empty or longer than 1024 bytes, has an empty part, . or .., a control character, or is not UTF-8.',
    vi: 'Đường dẫn của tệp rỗng hoặc dài hơn 1024 byte, có phần rỗng, . hoặc .., có ký tự điều khiển, hoặc không phải UTF-8.',
  },
  query: {
    en: 'The address has a query parameter that is not known here, is repeated or is malformed. Leave it out, or encode its value with encodeURIComponent.',
    vi: 'Địa chỉ có tham số không được nhận ở đây, bị lặp lại hoặc sai định dạng. Hãy bỏ tham số đó, hoặc mã hoá giá trị bằng encodeURIComponent.',
  },
  'too-long': {
    en: 'The address is longer than 8192 characters. Name the documents in the body, as :batchGet and :commit do.',
    vi: 'Địa chỉ dài hơn 8192 ký tự. Hãy đưa tên tài liệu vào nội dung gửi lên, như :batchGet và :commit.',
  },
};

function faultDetail(fault: RequestFault, language: Language): string {
  const vi = language === 'vi';
  if ('field' in fault) {
    const text = FIELD_FAULTS[fault.fault][language];
    return vi ? `Trường "${fault.field}" ${text}.` : `The field "${fault.field}" ${text}.`;
  }
  if ('target' in fault) return TARGET_FAULTS[fault.target][language];
  if ('body' in fault) return BODY_FAULTS[fault.body][language];
  if ('maxBytes' in fault) {
    const limit = `${fault.maxBytes / 1_024} KiB`;
    return vi
      ? `Nội dung gửi lên lớn hơn ${limit}. Hãy gửi ít hơn mỗi lần.`
      : `The body is larger than ${limit}. Send less at once.`;
  }
  const limit = `${fault.maxAnswerBytes / 1_048_576} MiB`;
  return vi
    ? `Câu trả lời của Google lớn hơn ${limit}. Hãy đọc ít tài liệu hơn mỗi lần (limit) hoặc ít trường hơn (select).`
    : `Google's answer is larger than ${limit}. Ask for fewer documents at once (limit) or fewer fields (select).`;
}

/** What went wrong and what to do, for the caller, in their language. */
export function detailOf(
  code: ProblemCode,
  fault: RequestFault | undefined,
  language: Language,
): string {
  return fault ? faultDetail(fault, language) : DETAILS[code][language];
}
