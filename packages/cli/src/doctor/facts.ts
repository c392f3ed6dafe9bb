import type { DeployedAs } from '../../../../functions/src/operator';
import type { DeployedFunction } from './google/function-shape';
import type { GoogleApi } from './google/api';
import type { Project } from '../project';

/** The deployment to examine. */
export interface Subject extends Project {
  /** The names of functions, secrets and files. */
  readonly deployed: DeployedAs;
  readonly region: string;
  /** Where the bridge is served, such as `https://shop.web.app`; no trailing slash. */
  readonly domain: string;
  /** Of Tini Console's domain validation. */
  readonly validationCode: string | undefined;
}

/** Results of checks that later ones need. */
export interface Facts {
  /** Given with `--project`; everything about a deployment needs it. */
  readonly subject: Subject;
  /** Google's APIs, called with the credentials of this machine. */
  readonly google: GoogleApi;
  /** Set if the project exists. */
  readonly projectId: string;
  readonly projectNumber: string;
  readonly deployed: DeployedFunction;
  readonly reach: Reach;
  /** The function that serves Google's endpoints. */
  readonly gateway: DeployedFunction;
  readonly gatewayReach: Reach;
  /** The function for web sessions; only where there is one. */
  readonly sessions: DeployedFunction;
  /** The function before a private service; only where there is one. */
  readonly backend: DeployedFunction;
  /** The function that sells premium; only where there is one. */
  readonly payments: DeployedFunction;
  /** The function that sends notifications; only where there is one. */
  readonly push: DeployedFunction;
  readonly tiki: { readonly clientKey: string; readonly baseUrl: string };
  /** Never printed; only whether it is well-formed. */
  readonly clientSecret: string;
  readonly accounts: SigningAccounts;
  /** This machine's clock minus Tiki's, ms. */
  readonly aheadOfTikiMs: number;
}

/** Where a function accepts requests from: its ingress setting. */
export type Reach = 'anywhere' | 'load-balancer';

/** E-mail addresses of the accounts that the function runs as and signs as; often the same. */
export interface SigningAccounts {
  readonly callsAs: string;
  readonly signsAs: string;
}
