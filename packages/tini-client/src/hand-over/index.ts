// The public API of 'tiki-firebase-client/hand-over'.
export {
  type AnswerWebView,
  handOver,
  type HandOver,
  type HandOverOptions,
  type WebViewContext,
} from './hand-over';
