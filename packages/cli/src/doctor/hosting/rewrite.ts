import { defineCheck } from '../check';
import { EMPTY_LOGINS, oddMethods } from './bridge-answer';
import { judgeWayIn } from './way-in';

/** The domain is checked even without access to the project. */
export const hostingRewrite = defineCheck({
  name: 'hosting',
  title: 'Hosting',
  area: 'Way in',
  needs: ['subject'],
  look: (world, { subject, reach }) =>
    judgeWayIn(world, subject, { knocks: EMPTY_LOGINS, to: 'auth', seeAlso: 'Public', reach }),
});

export const gatewayRewrite = defineCheck({
  name: 'gateway-hosting',
  title: 'Gateway via Hosting',
  area: 'Way in',
  needs: ['subject'],
  look: (world, { subject, gatewayReach }) =>
    judgeWayIn(world, subject, {
      knocks: oddMethods(subject.projectId),
      to: 'gateway',
      seeAlso: 'Gateway public',
      reach: gatewayReach,
    }),
});
