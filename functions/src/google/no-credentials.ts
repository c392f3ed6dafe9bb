/** For the operator, where Google's clients find no credentials that Google accepts. */
export const NO_CREDENTIALS = {
  cause: 'There are no usable Application Default Credentials',
  remedy:
    'on Google Cloud: deploy with a service account that exists; elsewhere: ' +
    'export GOOGLE_APPLICATION_CREDENTIALS=<key file>, or gcloud auth application-default login',
} as const;
