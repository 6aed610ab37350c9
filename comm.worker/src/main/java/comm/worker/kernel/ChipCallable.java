package comm.worker.kernel;

import static java.util.Objects.requireNonNull;

/**
 * What a chip runs. A callable is named or is bytes that a compiler made, never a serialised
 * object, so that it means the same in every process.
 */
public sealed interface ChipCallable {

  /**
   * A kernel written in Java: a {@link Kernel} that was registered with the chip worker or that
   * {@link java.util.ServiceLoader} finds, by its name, or a class that implements it, as {@code
   * module/package.Class} or {@code package.Class}.
   *
   * @param name its name
   */
  record Named(String name) implements ChipCallable {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public Named {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of a kernel must not be blank");
      }
    }

    /** {@return the name} */
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A callable that was compiled for the host runtime. Its bytes are handed to {@code run_runtime}
   * as they are.
   */
  final class Binary implements ChipCallable {

    private final String name;
    private final byte[] bytes;

    /**
     * A callable.
     *
     * @param name for messages
     * @param bytes at least one; copied
     * @throws IllegalArgumentException if there are none
     */
    public Binary(String name, byte[] bytes) {
      this.name = requireNonNull(name, "name");
      this.bytes = bytes.clone();
      if (bytes.length == 0) {
        throw new IllegalArgumentException("callable " + name + " has no bytes");
      }
    }

    /**
     * The name.
     *
     * @return as it was given
     */
    public String name() {
      return name;
    }

    /**
     * The number of bytes.
     *
     * @return at least 1
     */
    public int length() {
      return bytes.length;
    }

    /**
     * The bytes.
     *
     * @return a copy
     */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** {@return the name and the length} */
    @Override
    public String toString() {
      return name + " (" + bytes.length + " bytes)";
    }
  }

  /**
   * A kernel by its name.
   *
   * @param name its registered name, or its class as {@code module/package.Class}
   * @return the callable
   * @throws IllegalArgumentException if the name is blank
   */
  static ChipCallable named(String name) {
    return new Named(name);
  }

  /**
   * A kernel by its class, which must be public, in an exported package, and have a public
   * constructor without parameters.
   *
   * @param kernel its class
   * @return the callable
   */
  static ChipCallable of(Class<? extends Kernel> kernel) {
    Module module = kernel.getModule();
    return new Named(
        module.isNamed() ? module.getName() + "/" + kernel.getName() : kernel.getName());
  }
}
