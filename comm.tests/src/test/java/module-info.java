/**
 * Tests from outside: everything here sees the other modules as a user's module does, on the module
 * path. Ranks are processes of their own, started by the launcher that users have.
 */
@SuppressWarnings("requires-automatic") // ArchUnit has no module descriptor
open module comm.tests {
  requires comm.api;
  requires comm.testkit;
  requires comm.worker;
  requires com.sun.jna;
  requires com.tngtech.archunit;
  requires java.compiler;
  requires java.management;
  requires java.xml;
  requires net.jqwik.api;
  requires org.junit.jupiter.api;
  requires org.junit.jupiter.params;
  requires org.junit.platform.engine;
  requires org.junit.platform.launcher;
  requires org.junit.platform.testkit;
  requires static org.jspecify;
}
