import type { Check } from './check';
import { appCheckApi } from './google/app-check-api';
import { authentication } from './google/authentication';
import { backend } from './google/backend';
import { backendInvoker } from './google/backend-invoker';
import { credentials } from './google/credentials';
import { deployedFunction } from './google/deployed-function';
import { gateway, gatewayAccess } from './google/gateway';
import { iamCredentialsApi } from './google/iam-credentials-api';
import { parameters } from './google/parameters';
import { payments } from './google/payments';
import { project } from './google/project';
import { publicAccess } from './google/public-access';
import { push } from './google/push';
import { runtime } from './google/runtime';
import { runtimeAccount } from './google/runtime-account';
import { secret } from './google/secret';
import { sessions } from './google/sessions';
import { signBlob } from './google/sign-blob';
import { traffic } from './google/traffic';
import { ttl } from './google/ttl';
import { webApiKey } from './google/web-api-key';
import { functionAnswers } from './hosting/function-answers';
import { gatewayRewrite, hostingRewrite } from './hosting/rewrite';
import { hostingRoutes } from './hosting/routes';
import { validationFile } from './hosting/validation-file';
import { firebaseTools } from './local/firebase-tools';
import { java } from './local/java';
import { legacyKeys } from './local/legacy-keys';
import { node } from './local/node';
import { parameterFiles } from './local/parameter-files';
import { ports } from './local/ports';
import { realProject } from './local/real-project';
import { clock } from './tiki/clock';
import { tikiCredentials } from './tiki/credentials';

/** What a deployment needs of this machine. */
export const TOOLS: readonly Check[] = [node, firebaseTools, java, parameterFiles, legacyKeys];

/** Without a project: this machine only, without network access. */
export const LOCAL_CHECKS: readonly Check[] = [...TOOLS, ports, realProject];

/** Each after those whose facts it needs. */
export const PROJECT_CHECKS: readonly Check[] = [
  ...TOOLS,
  credentials,
  project,
  iamCredentialsApi,
  authentication,
  deployedFunction,
  runtime,
  publicAccess,
  runtimeAccount,
  signBlob,
  gateway,
  gatewayAccess,
  webApiKey,
  sessions,
  backend,
  backendInvoker,
  payments,
  push,
  traffic,
  ttl,
  parameters,
  secret,
  appCheckApi,
  clock,
  tikiCredentials,
  functionAnswers,
  hostingRoutes,
  hostingRewrite,
  gatewayRewrite,
  validationFile,
];
