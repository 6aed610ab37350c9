/** The hccl backend. Begin with {@link comm.backend.hccl.HcclBackend}. */
package comm.backend.hccl;
