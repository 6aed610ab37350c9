package comm.worker.kernel;

/**
 * A kernel written in Java, for chips without a native runtime. Found by its class, or by its name:
 * a module says {@code provides comm.worker.kernel.Kernel with …}, or a chip worker registers it.
 *
 * <p>Implementations must be safe to run several times, and one instance runs on one thread at a
 * time. Whatever a kernel throws fails its task and nothing else.
 */
@FunctionalInterface
public interface Kernel {

  /**
   * The name by which tasks choose this kernel where {@link java.util.ServiceLoader} found it.
   *
   * @return the name; its simple class name unless it says otherwise
   */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Runs to its end.
   *
   * @param context its arguments and the chip's memory
   * @throws Exception to fail the task
   */
  void run(KernelContext context) throws Exception;
}
