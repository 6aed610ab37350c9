package comm.worker.device;

import comm.api.WindowSet;
import comm.worker.kernel.ChipCallable;
import comm.worker.kernel.RunConfig;
import comm.worker.kernel.TaskArgs;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One chip as a chip worker drives it: on a host runtime, or in this JVM. The chip worker keeps the
 * order of calls and calls from one thread at a time, apart from {@link #attach} and {@link
 * #detach}. What fails throws a {@link comm.worker.kernel.ChipException}.
 */
public interface Device {

  /** Which runtime this is, for messages. */
  String describe();

  /** The backend on which a communicator of this chip is opened unless the caller names another. */
  Optional<String> backend();

  /** Settings for that backend, as {@link comm.api.CommConfig#properties} has them. */
  Map<String, String> backendProperties();

  /** Chooses the device. */
  void setDevice(int deviceId);

  /** Allocates device memory; gives its address, never 0. */
  long malloc(long bytes);

  /** Frees device memory; an address that malloc didn't give is an error where that can be told. */
  void free(long address);

  /** Copies what remains in the source to the device; its position moves to its limit. */
  void copyTo(long target, ByteBuffer source);

  /** Fills the target from the device; its position moves to its limit. */
  void copyFrom(ByteBuffer target, long source);

  /** Runs a callable to its end. */
  void run(ChipCallable callable, TaskArgs args, RunConfig config, int deviceId);

  /** Makes a stream for a communicator; empty where the chip needs none. */
  OptionalLong createStream(int deviceId);

  /** Destroys a stream of {@link #createStream}. */
  void destroyStream(long stream);

  /** Windows came to be that kernels and copies reach by their addresses. */
  void attach(WindowSet windows);

  /** They are about to go. */
  void detach(WindowSet windows);

  /** Gives up the device, and all memory on it; another one may be chosen then. */
  void finalizeDevice();

  /** Ends the runtime's context. Nothing else is called afterwards. */
  void close();
}
