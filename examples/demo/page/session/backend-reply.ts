/** Of the developer's own service behind the bridge, about who asks. */
export type BackendReply =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly uid: string }
  | { readonly state: 'failed'; readonly detail: string };
