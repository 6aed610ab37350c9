/**
 * Windows in device memory: the ways to make them reachable, and how the ranks agree on one. Begin
 * with {@link comm.backend.hccl.window.Allocation}.
 */
package comm.backend.hccl.window;
