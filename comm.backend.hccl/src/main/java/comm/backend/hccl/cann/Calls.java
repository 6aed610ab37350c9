package comm.backend.hccl.cann;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Which native function runs now, for the messages of other threads: a call that hangs can't say so
 * itself. If several threads call at once, the last one to begin is told.
 */
public final class Calls {

  /** A call that has begun. */
  record Call(String function, long startNanos) {}

  private final AtomicReference<@Nullable Call> running = new AtomicReference<>();

  Calls() {}

  Call begin(String function) {
    Call call = new Call(function, System.nanoTime());
    running.set(call);
    return call;
  }

  void end(Call call) {
    running.compareAndSet(call, null);
  }

  /** The function that runs. */
  public Optional<String> current() {
    return Optional.ofNullable(running.get()).map(Call::function);
  }

  /** How long it has run; zero if none runs. */
  public Duration since() {
    Call call = running.get();
    return call == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - call.startNanos());
  }
}
