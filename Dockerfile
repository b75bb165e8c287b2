# An image that grades a mounted folder:
#   docker build -t homework-checker .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/homework" homework-checker grade submissions
FROM python:3.13-slim AS wheel
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.13-slim
COPY --from=wheel /wheel /wheel
RUN pip install --no-cache-dir /wheel/*.whl && rm -r /wheel \
    && useradd --create-home --uid 1000 grader
USER grader
WORKDIR /homework
ENTRYPOINT ["checker"]
CMD ["--help"]
