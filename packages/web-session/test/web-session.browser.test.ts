// All tests in a browser, with one browser and one emulator. The cases are in the files that follow.
import { useWorld } from './support/world';

useWorld();

import './worker/session';
import './worker/requests';
import './attacks/csrf-form-post';
import './attacks/csrf-no-cors-post';
import './attacks/csrf-link';
import './attacks/csrf-iframe';
import './attacks/csrf-redirect-chain';
import './attacks/cross-origin-redirect';
import './attacks/cross-origin-request';
import './cookie';
import './path-prefix';
import './hand-over';
import './attacks/hand-over-other-verifier';
import './attacks/hand-over-late';
import './attacks/hand-over-other-shape';
import './attacks/hand-over-beside-old-worker';
import './push/devices';
import './push/messages';
import './attacks/cross-origin-notification';
import './attacks/notifications-of-the-user-before';
