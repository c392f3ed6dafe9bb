import {
  isCustomerId,
  isSampleId,
  SAMPLE_CUSTOMERS,
  type Customer,
  type SampleId,
} from '../customers';
import { recordOf } from '../json';
import type { TextStorage } from '../my/storage';

/** The person holding the phone, as chosen on the page. */
export interface Holder {
  readonly choice: SampleId | 'typed';
  readonly typedId: string;
  readonly typedName: string;
}

const KEY = 'tiki-firebase-bridge-demo.holder';

/** The customer logged in to Tiki; undefined while the typed id is invalid. */
export function customerOf({ choice, typedId, typedName }: Holder): Customer | undefined {
  if (choice !== 'typed') return SAMPLE_CUSTOMERS.find(({ sample }) => sample === choice);
  const id = typedId.trim();
  return isCustomerId(id) ? { id, name: typedName.trim() } : undefined;
}

/** Survives a reload, like the login to Tiki's app. */
export function rememberHolder(storage: TextStorage, holder: Holder): void {
  const { choice, typedId, typedName } = holder;
  storage.setItem(KEY, JSON.stringify({ choice, typedId, typedName }));
}

/** The last holder, or an ordinary customer by default. */
export function rememberedHolder(storage: TextStorage): Holder {
  const { choice, typedId, typedName } = recordOf(parsed(storage.getItem(KEY)));
  return {
    choice: choice === 'typed' || isSampleId(choice) ? choice : 'everyday',
    typedId: typeof typedId === 'string' ? typedId : '',
    typedName: typeof typedName === 'string' ? typedName : '',
  };
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}
