/** What follows the `@` in a service account's address; `my-project.example.com.iam…` below a domain. */
export function accountDomain(projectId: string): string {
  return `${projectId.split(':').reverse().join('.')}.iam.gserviceaccount.com`;
}
