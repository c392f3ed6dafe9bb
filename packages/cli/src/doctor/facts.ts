import type { DeployedFunction } from './google/deployed-function';
import type { GoogleApi } from './google/api';
import type { Project } from '../target';

/** Which deployment is looked at. */
export interface Subject extends Project {
  readonly region: string;
  /** Where the bridge is served, such as `https://shop.web.app`; no trailing slash. */
  readonly domain: string;
  /** Of Tini Console's domain validation. */
  readonly validationCode: string | undefined;
}

/** What a check has found out and a later one needs. */
export interface Facts {
  /** Given with `--project`; everything about a deployment needs it. */
  readonly subject: Subject;
  /** Google's APIs, asked with the credentials at hand. */
  readonly google: GoogleApi;
  /** The project is there. */
  readonly projectId: string;
  readonly deployed: DeployedFunction;
  readonly reach: Reach;
  /** The function that serves what a Firebase client needs of Google. */
  readonly gateway: DeployedFunction;
  readonly gatewayReach: Reach;
  readonly tiki: { readonly clientKey: string; readonly baseUrl: string };
  /** Never to be printed, nor anything about it but whether it is well-formed. */
  readonly clientSecret: string;
  readonly accounts: SigningAccounts;
  /** What has to be added to this machine's clock to get Tiki's, in ms. */
  readonly tikiAheadMs: number;
}

/** From where a function takes requests: its ingress setting. */
export type Reach = 'anywhere' | 'load-balancer';

/** E-mail addresses: the function runs as the one and signs as the other, often the same. */
export interface SigningAccounts {
  readonly callsAs: string;
  readonly signsAs: string;
}
