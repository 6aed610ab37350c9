import org.jspecify.annotations.NullMarked;

/**
 * The {@code hccl} backend: Ascend NPUs, through the CANN libraries ACL and HCCL. This version
 * looks for the libraries and says what it finds; it does not open communicators yet.
 *
 * <p>It exports nothing; {@code comm.api} finds it by {@link java.util.ServiceLoader}. Begin with
 * {@code comm.backend.hccl.HcclBackend}.
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
