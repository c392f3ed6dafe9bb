/**
 * What V8 allows itself on an instance with 256 MiB: half of the memory for old objects, the
 * smallest nursery. Node takes it from the container's limit, which a laptop does not have; with
 * gigabytes in sight V8 would put garbage collection off, and neither memory nor CPU time would
 * say anything about production.
 */
export const INSTANCE_HEAP = '--max-old-space-size=128 --max-semi-space-size=1';
