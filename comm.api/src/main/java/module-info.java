import org.jspecify.annotations.NullMarked;

/**
 * Symmetric-memory communication between ranks: what callers use ({@code comm.api}) and what a
 * backend implements ({@code comm.api.spi}).
 *
 * <p>Begin with {@link comm.api.Communicator}. This module contains no native code and depends on
 * the JDK alone; backends are separate modules that {@link java.util.ServiceLoader} finds at run
 * time, so that a missing one fails only when a communicator is opened on it.
 *
 * <p>{@code comm.api.spi} is for authors of backends; begin with {@link comm.api.spi.CommBackend}.
 *
 * @uses comm.api.spi.CommBackend every backend on the module path or class path is a candidate
 */
@NullMarked
module comm.api {
  requires static org.jspecify;

  exports comm.api;
  exports comm.api.spi;

  uses comm.api.spi.CommBackend;
}
