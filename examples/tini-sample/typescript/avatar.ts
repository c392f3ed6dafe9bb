import type { User } from 'tiki-firebase-client';

/** The part of `my` that Tiki's types lack. */
interface Tiki {
  getSetting?(options: {
    success(result: { authSetting?: { userInfo?: boolean } }): void;
    fail(): void;
  }): void;
  getUserInfo(options: {
    success(result: { customerId: string | number; avatar?: string }): void;
    fail(): void;
  }): void;
}

/**
 * The address of the user's picture, or '' if Tiki does not let the app read it. Asks Tiki only where
 * the user has already agreed: `my.getUserInfo` may open a dialog, and this was no tap.
 */
export function avatarOf(user: User): Promise<string> {
  return new Promise((resolve) => {
    const none = () => {
      resolve('');
    };
    const tiki = my as unknown as Tiki;
    if (!tiki.getSetting) none();
    else {
      tiki.getSetting({
        success({ authSetting }) {
          if (!authSetting?.userInfo) none();
          else {
            tiki.getUserInfo({
              // Another customer may have logged in to Tiki by now.
              success({ customerId, avatar }) {
                resolve(String(customerId) === user.customer.id && avatar ? avatar : '');
              },
              fail: none,
            });
          }
        },
        fail: none,
      });
    }
  });
}
