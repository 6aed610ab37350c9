package comm.testkit.junit;

import comm.api.BackendUnavailableException.Candidate;
import comm.api.Communicator;
import comm.testkit.BackendUnderTest;
import comm.testkit.RankBody;
import comm.testkit.RankMode;
import comm.testkit.RankReport;
import comm.testkit.fault.Fault;
import comm.testkit.fault.FaultPlan;
import comm.testkit.run.RankPool;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.AssertionFailedError;

/** Runs a test's method once per rank instead of once. */
final class RankTestExtension
    implements BeforeEachCallback, ParameterResolver, InvocationInterceptor {

  private static final Namespace SPACE = Namespace.create(RankTestExtension.class);

  /** Ranks that all tests share until the last has ended. */
  private record Shared(RankPool pool) implements AutoCloseable {
    @Override
    public void close() {
      pool.close();
    }
  }

  private static RankTest annotation(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), RankTest.class)
        .orElseThrow(() -> new ExtensionConfigurationException("there is no @RankTest"));
  }

  private static FaultPlan plan(ExtensionContext context) {
    return FaultPlan.of(context.getRequiredTestMethod().getAnnotationsByType(Fault.class));
  }

  /** Refuses what can't be run, before anything has begun. */
  @Override
  public void beforeEach(ExtensionContext context) {
    RankTest test = annotation(context);
    try {
      RankTestRules.require(context.getRequiredTestClass(), context.getRequiredTestMethod(), test);
      plan(context).requireFits(test.ranks(), test.mode() == RankMode.PROCESSES);
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getDeclaringExecutable().equals(context.getTestMethod().orElse(null))
        && RankTestRules.PARAMETERS.contains(parameter.getParameter().getType());
  }

  /** JUnit wants a value for its own call of the method, which never happens. */
  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return null;
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context) {
    invocation.skip();
    RankTest test = annotation(context);
    FaultPlan plan = plan(context);
    List<Communicator> before = Communicator.unclosed();
    RankReport report =
        pool(context, backend(test), test.mode())
            .run(
                test.ranks(),
                Duration.ofSeconds(test.timeoutSeconds()),
                plan,
                body(test.mode(), context, call));
    report.check(plan.killed());
    RankMethod.requireClosed(before);
    if (plan.killed().isEmpty() && !report.leftovers().isEmpty()) {
      throw new AssertionFailedError("left behind by the ranks: " + report.leftovers());
    }
  }

  private static RankBody body(
      RankMode mode, ExtensionContext context, ReflectiveInvocationContext<Method> call) {
    if (mode == RankMode.PROCESSES) {
      return RankMethod.of(context.getRequiredTestClass(), call.getExecutable());
    }
    Method method = call.getExecutable();
    Object instance = context.getRequiredTestInstance();
    return rank -> RankMethod.invoke(method, instance, rank);
  }

  private static RankPool pool(ExtensionContext context, String backend, RankMode mode) {
    BackendUnderTest key =
        mode == RankMode.PROCESSES
            ? BackendUnderTest.processes(backend).withMaxRanks(RankTestRules.MOST)
            : BackendUnderTest.threads(backend);
    return context
        .getRoot()
        .getStore(SPACE)
        .getOrComputeIfAbsent(key, any -> new Shared(new RankPool(key)), Shared.class)
        .pool();
  }

  /** As a communicator's own choice, but made once for all ranks. */
  private static String backend(RankTest test) {
    return Optional.of(test.backend())
        .filter(name -> !name.isBlank())
        .or(() -> Optional.ofNullable(System.getProperty("comm.backend")))
        .or(() -> Optional.ofNullable(System.getenv("COMM_BACKEND")))
        .filter(name -> !name.isBlank())
        .orElseGet(RankTestExtension::onlyUsable);
  }

  private static String onlyUsable() {
    List<Candidate> all = Communicator.backends();
    List<String> usable = all.stream().filter(Candidate::usable).map(Candidate::name).toList();
    if (usable.size() != 1) {
      throw new ExtensionConfigurationException(
          (usable.isEmpty() ? "no backend is usable" : "more than one backend is usable")
              + "; on the path: "
              + all
              + "; name one by @RankTest(backend = …), -Dcomm.backend or COMM_BACKEND");
    }
    return usable.get(0);
  }
}
