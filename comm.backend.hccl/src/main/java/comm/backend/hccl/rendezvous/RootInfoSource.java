package comm.backend.hccl.rendezvous;

import comm.api.spi.BackendFailure;

/** Makes the root info of HCCL. Called on rank 0, once no live run is in its way. */
@FunctionalInterface
public interface RootInfoSource {
  byte[] get() throws BackendFailure;
}
