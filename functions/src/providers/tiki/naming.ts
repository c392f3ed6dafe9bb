import type { Naming } from '../provider';

export const TIKI_NAMING: Naming = {
  name: 'tiki',
  uidPrefix: 'tiki:',
  customerIdClaim: 'tikiCustomerId',
};
