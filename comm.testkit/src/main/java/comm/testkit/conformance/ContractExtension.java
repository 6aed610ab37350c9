package comm.testkit.conformance;

import comm.api.spi.Availability;
import comm.testkit.BackendUnderTest;
import comm.testkit.run.Backends;
import comm.testkit.run.RankPool;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.TestWatcher;

/** Keeps what tests share until the last has ended: ranks, and the report. */
final class ContractExtension implements BeforeEachCallback, TestWatcher {

  private static final Namespace SPACE = Namespace.create(ContractExtension.class);

  private @Nullable Store store;
  private @Nullable BackendUnderTest backend;
  private String section = "";

  private record Pool(RankPool pool) implements AutoCloseable {
    @Override
    public void close() {
      pool.close();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    store = context.getRoot().getStore(SPACE);
  }

  private Store store() {
    Store known = store;
    if (known == null) {
      throw new IllegalStateException("JUnit has not begun the test");
    }
    return known;
  }

  /** Says which backend the test is about, before anything can skip it. */
  void use(BackendUnderTest used, String inSection) {
    backend = used;
    section = inSection;
  }

  RankPool pool(BackendUnderTest of) {
    return store().getOrComputeIfAbsent(of, key -> new Pool(new RankPool(of)), Pool.class).pool();
  }

  Availability availability(BackendUnderTest of) {
    return store()
        .getOrComputeIfAbsent(
            "availability of " + of.name() + of.properties(),
            key -> Backends.named(of.name()).availability(of.properties()),
            Availability.class);
  }

  private void report(ExtensionContext context, ConformanceReport.Result result, String detail) {
    BackendUnderTest used = backend;
    Checks checks = context.getRequiredTestMethod().getAnnotation(Checks.class);
    if (used != null && checks != null) {
      context
          .getRoot()
          .getStore(SPACE)
          .getOrComputeIfAbsent(
              "report of " + used.label(),
              key -> new ConformanceReport(used.label()),
              ConformanceReport.class)
          .add(section, checks.value(), result, detail);
    }
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    report(context, ConformanceReport.Result.PASS, "");
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    report(context, ConformanceReport.Result.FAIL, firstLine(cause));
  }

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    report(context, ConformanceReport.Result.SKIP, firstLine(cause));
  }

  private static String firstLine(@Nullable Throwable cause) {
    return Optional.ofNullable(cause)
        .map(Throwable::getMessage)
        .flatMap(text -> text.lines().findFirst())
        .orElse("");
  }
}
