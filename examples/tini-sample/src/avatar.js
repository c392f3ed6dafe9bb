/* global my */

/**
 * The address of the user's picture, or '' if Tiki does not let the app read it. Asks Tiki only where
 * the user has already agreed: `my.getUserInfo` may open a dialog, and this was no tap.
 */
export function avatarOf(user) {
  return new Promise((resolve) => {
    const none = () => resolve('');
    /** @type {any} Not in Tiki's types: my.getSetting. */
    const tiki = my;
    if (!tiki.getSetting) none();
    else {
      tiki.getSetting({
        success({ authSetting }) {
          if (!authSetting || !authSetting.userInfo) none();
          else {
            tiki.getUserInfo({
              // Another customer may have logged in to Tiki by now.
              success: ({ customerId, avatar }) =>
                resolve(String(customerId) === user.customer.id && avatar ? avatar : ''),
              fail: none,
            });
          }
        },
        fail: none,
      });
    }
  });
}
