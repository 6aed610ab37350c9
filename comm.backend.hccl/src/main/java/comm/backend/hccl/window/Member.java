package comm.backend.hccl.window;

/**
 * What a strategy must know of a rank.
 *
 * @param rank the rank
 * @param device logical number of its device, in its own process
 * @param tgid its process as the driver knows it, 0 if it wasn't asked
 */
record Member(int rank, int device, int tgid) {}
