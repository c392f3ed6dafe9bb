import { startSession } from 'tiki-firebase-web-session';
import { type PushOptions, startPush } from 'tiki-firebase-web-session/push';
import { elementById } from './elements';
import { offerNotifications } from './offer-notifications';

// The server renders it from its settings.
const options = JSON.parse(elementById('notifications').dataset['push'] ?? '') as PushOptions;

offerNotifications(startPush(startSession(), options));
