// The public API of 'tiki-firebase-client/storage'.
export { type FirebaseStorage, storage, type UploadedFile, type UploadMetadata } from './storage';
