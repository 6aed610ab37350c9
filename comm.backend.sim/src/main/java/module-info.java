import org.jspecify.annotations.NullMarked;

/**
 * The {@code sim} backend: ranks are processes or threads of one Linux machine, windows are POSIX
 * shared memory. It moves real bytes between real processes, so that multi-rank code can be
 * developed and tested without a device.
 *
 * <p>It exports nothing; {@code comm.api} finds it by {@link java.util.ServiceLoader}. Begin with
 * {@code comm.backend.sim.SimBackend}.
 *
 * @provides comm.api.spi.CommBackend under the name {@code sim}
 */
@NullMarked
module comm.backend.sim {
  requires comm.api;
  requires com.sun.jna;
  requires static org.jspecify;

  provides comm.api.spi.CommBackend with
      comm.backend.sim.SimBackend;
}
