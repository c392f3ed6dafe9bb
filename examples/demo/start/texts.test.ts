import { BusyPortError } from '@tiki-bridge/testing/emulators/ports';
import { explain } from './explain';
import { textsFor } from './texts';

it.each([
  [{ LANG: 'vi_VN.UTF-8' }, 'en-US', 'Trang demo'],
  [{ LC_ALL: 'vi', LANG: 'en_US.UTF-8' }, 'en-US', 'Trang demo'],
  [{ LC_ALL: '', LC_MESSAGES: 'vi_VN' }, 'en-US', 'Trang demo'],
  [{}, 'vi-VN', 'Trang demo'],
  [{ LC_ALL: 'C', LANG: 'vi_VN' }, 'vi-VN', 'Demo page'],
  [{ LANG: 'vif_CG' }, 'vi-VN', 'Demo page'],
  [{}, 'en-US', 'Demo page'],
])('speaks the language of the locale: %j, system %s', (env, system, demoPage) => {
  expect(textsFor(env, system).demoPage).toBe(demoPage);
});

it('explains a busy port in Vietnamese', () => {
  const busy = new BusyPortError([{ port: 9099, service: 'Auth emulator' }]);

  expect(explain(busy, textsFor({ LANG: 'vi_VN' }))).toEqual(
    expect.arrayContaining(['Cổng 9099 cần cho trình mô phỏng Auth nhưng đang bị chiếm.']),
  );
});
