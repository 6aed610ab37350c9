package comm.testkit.run;

import comm.testkit.fault.At;
import comm.testkit.fault.FaultPlan;
import comm.testkit.fault.PlannedFault;
import comm.testkit.fault.When;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Lets the faults of one rank happen. Any thread of the rank may use it. */
final class Injector {

  private final int rank;
  private final FaultPlan plan;
  private final RankLink link;
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

  Injector(int rank, FaultPlan plan, RankLink link) {
    this.rank = rank;
    this.plan = plan;
    this.link = link;
  }

  /** What stands on the board when a fault's point was reached. */
  static String key(PlannedFault fault) {
    return "fault: " + fault;
  }

  /** Before a point: counts it. Returns which call this is. */
  int before(String point) {
    int nth = calls.computeIfAbsent(point, any -> new AtomicInteger()).incrementAndGet();
    at(At.before(point, nth));
    return nth;
  }

  /** After an operation has returned. */
  void after(String operation, int nth) {
    at(new At(When.AFTER, operation, nth));
  }

  private void at(At point) {
    for (PlannedFault fault : plan.faults()) {
      if (fault.rank() == rank && fault.at().equals(point)) {
        // First: who is killed can't say so afterwards.
        link.post(key(fault), "");
        switch (fault.action()) {
          case KILL -> link.die();
          case STOP -> link.freeze(fault.time());
          case DELAY -> delay(fault.time());
        }
      }
    }
  }

  private static void delay(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = end - System.nanoTime();
    }
  }
}
