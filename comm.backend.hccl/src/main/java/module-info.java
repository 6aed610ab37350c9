import org.jspecify.annotations.NullMarked;

/**
 * The {@code hccl} backend: Ascend NPUs, through the CANN libraries ACL and HCCL. Windows lie in
 * device memory; ranks find each other by files, their devices by HCCL.
 *
 * <p>It exports nothing; {@code comm.api} finds it by {@link java.util.ServiceLoader}. Begin with
 * {@code comm.backend.hccl.HcclBackend}. Native functions are looked up by name when they are first
 * called, so nothing needs to be opened to JNA.
 *
 * @provides comm.api.spi.CommBackend under the name {@code hccl}
 */
@NullMarked
module comm.backend.hccl {
  requires comm.api;
  requires com.sun.jna;
  requires static org.jspecify;

  provides comm.api.spi.CommBackend with
      comm.backend.hccl.HcclBackend;
}
