# For the scripts beside it, which source it.

# The home of the JDK with this feature version, wherever it is installed.
jdk() {
  local home
  for home in ${JAVA_HOME:+"$JAVA_HOME"} /usr/lib/jvm/* /opt/*jdk* /opt/java/*; do
    if [ -x "$home/bin/javac" ] && "$home/bin/javac" -version 2>&1 | grep -q "^javac $1[.-]\|^javac $1\$"; then
      echo "$home"
      return
    fi
  done
  return 1
}
