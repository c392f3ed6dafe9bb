import { createTikiFirebase } from 'tiki-firebase-client';
import { firestore } from 'tiki-firebase-client/firestore';
import { handOver } from 'tiki-firebase-client/hand-over';
import { payments } from 'tiki-firebase-client/payments';
import type { My, TikiFirebase } from 'tiki-firebase-client';
import type { Language } from '../language';

export interface FirebaseOptions {
  readonly my: My;
  /** The page's own domain: Hosting rewrites to the bridge, Firebase Auth and Firestore. */
  readonly domain: string;
  readonly projectId: string;
  /** The page's current language. */
  readonly language: () => Language;
}

/** The library that Tini Apps use, with this page's `my`. */
export function openFirebase({ my, domain, projectId, language }: FirebaseOptions): TikiFirebase {
  return createTikiFirebase({
    my,
    baseUrl: domain,
    projectId,
    firestore,
    handOver,
    payments,
    // A getter, because the visitor may switch the language.
    get language() {
      return language();
    },
  });
}
