/** What `npm start` prints, in both languages of this project's users. */
export interface Texts {
  readonly building: string;
  readonly rebuilding: string;
  /** Translations of the English names of steps and services. */
  readonly names: Readonly<Record<string, string>>;
  readonly demoPage: string;
  readonly webPages: string;
  readonly simulator: string;
  readonly authEmulator: string;
  readonly functions: string;
  readonly reload: string;
  readonly end: string;
  readonly inAnotherTerminal: string;
  readonly simulatedFcm: string;
  readonly exports: string;
  readonly skipped: string;
  readonly stopping: string;
  readonly stopped: string;
  readonly busy: (port: number, service: string) => string;
  readonly findProcess: string;
  readonly freePorts: string;
}

const english: Texts = {
  building: 'Building the functions',
  rebuilding: 'Rebuilding the functions',
  names: {},
  demoPage: 'Demo page',
  webPages: 'Web pages',
  simulator: 'Tiki simulator',
  authEmulator: 'Auth emulator',
  functions: 'Functions',
  reload: 'Changes in functions/src are built and loaded when you save.',
  end: 'Ctrl-C stops everything; nothing is kept.',
  inAnotherTerminal: 'In another terminal:',
  simulatedFcm: 'Simulated FCM',
  exports: 'For your own programs:',
  skipped: 'skipped',
  stopping: 'Stopping …',
  stopped: 'Stopped.',
  busy: (port, service) => `Port ${port} is already in use, but needed for the ${service}.`,
  findProcess: 'Find the process that uses it:',
  freePorts: 'Or use any free ports:',
};

const vietnamese: Texts = {
  building: 'Biên dịch các hàm',
  rebuilding: 'Biên dịch lại các hàm',
  names: {
    'Tiki simulator': 'Trình giả lập Tiki',
    'Simulated FCM': 'FCM giả lập',
    'Demo page': 'Trang demo',
    'Web pages': 'Các trang web',
    'Auth, Functions and Hosting emulators': 'Trình mô phỏng Auth, Functions và Hosting',
    'Hosting emulator and demo page': 'trình mô phỏng Hosting và trang demo',
    'Functions emulator': 'trình mô phỏng Functions',
    'Auth emulator': 'trình mô phỏng Auth',
  },
  demoPage: 'Trang demo',
  webPages: 'Trang web',
  simulator: 'Trình giả lập Tiki',
  authEmulator: 'Trình mô phỏng Auth',
  functions: 'Functions',
  reload: 'Khi bạn lưu thay đổi trong functions/src, hàm được biên dịch và nạp lại.',
  end: 'Nhấn Ctrl-C để dừng tất cả; không có gì được giữ lại.',
  inAnotherTerminal: 'Trong một terminal khác:',
  simulatedFcm: 'FCM giả lập',
  exports: 'Cho chương trình của bạn:',
  skipped: 'bỏ qua',
  stopping: 'Đang dừng …',
  stopped: 'Đã dừng.',
  busy: (port, service) => `Cổng ${port} cần cho ${service} nhưng đang bị chiếm.`,
  findProcess: 'Tìm chương trình đang dùng cổng:',
  freePorts: 'Hoặc dùng cổng bất kỳ còn trống:',
};

/**
 * Vietnamese where the locale is (LC_ALL, LC_MESSAGES, LANG, in that order as POSIX has it; on
 * Windows, which sets none of them, `system`), otherwise English.
 *
 * @param system A BCP 47 tag, such as `vi-VN`.
 */
export function textsFor(
  env: NodeJS.ProcessEnv,
  system = Intl.DateTimeFormat().resolvedOptions().locale,
): Texts {
  const posix = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'];
  return /^vi\b|^vi_/i.test(posix ?? system) ? vietnamese : english;
}
